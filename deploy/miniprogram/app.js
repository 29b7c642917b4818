// A window onto the chat of the web door, and the hotlines beside it (docs/decisions/0044-the-mini-program-is-a-window.md).
App({});
