// The hotlines, which need no line to the service.
Page({
  onCall({ currentTarget }) {
    wx.makePhoneCall({ phoneNumber: currentTarget.dataset.number, fail: () => undefined });
  },

  onShareAppMessage() {
    return { title: "反诈专线96110，紧急情况请拨打110", path: "/pages/help/help" };
  },
});
