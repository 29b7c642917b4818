/** The oldest browsers the widget is written down for: what elderly people's phones still run. */
export const OLDEST = ["chrome70", "edge79", "firefox68", "safari12"];
