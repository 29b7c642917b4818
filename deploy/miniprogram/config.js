// Yours to fill in: where the service is, as residents' browsers reach it. Ends in a slash.
module.exports = {
  service: "https://duanka.example.gov.cn/webhooks/web/",
  title: "断卡问答",
  place: "", // where the centre is, as its bulletins name it (南宁): the greeting then offers 我在南宁
};
