// The chat as it is on the web; where it does not load, the hotlines in its place.
const { service, title, place } = require("../../config.js");

/** The chat's address; `given` is the place that a link or a QR code to this page names. */
function address(given) {
  const where = (given || place).trim().slice(0, 20);
  const options = { title, ...(where && { place: where }) };
  const query = Object.keys(options).map((name) => `${name}=${encodeURIComponent(options[name])}`);
  return `${service}chat?${query.join("&")}`;
}

function decoded(text) {
  try {
    return decodeURIComponent(text || "");
  } catch (error) {
    return "";
  }
}

Page({
  data: { address: "", failed: false },

  onLoad(query) {
    this.setData({ address: address(decoded(query.place)) });
  },

  onFailed() {
    this.setData({ failed: true });
  },

  onAgain() {
    this.setData({ failed: false });
  },

  onCall({ currentTarget }) {
    wx.makePhoneCall({ phoneNumber: currentTarget.dataset.number, fail: () => undefined });
  },

  // What was said is not shared, nor whose conversation it is.
  onShareAppMessage() {
    return { title: "断卡问答：只引用公安机关已公布的通报", path: "/pages/ask/ask" };
  },
});
