"""The door of a 企业微信 application (自建应用): what surrounds a message there; behind that it is WeChat's door."""
