/** Where one types. */
import { Button, Input } from "@chatui/core";
import { useState, useSyncExternalStore, type FormEvent, type KeyboardEvent, type RefObject } from "react";
import type { Dictation, Listening } from "../dictation";
import { lengthOf, LONGEST_QUESTION } from "../wording";
import { MicrophoneIcon } from "./icons";

// More than one may ask, so that a victim's long story still gets its reply, and less than a message may weigh.
const LONGEST_TYPED = 1200;

interface Props {
  readonly onAsk: (question: string) => void;
  readonly inputRef: RefObject<HTMLTextAreaElement | null>;
  readonly dictation: Dictation;
}

export function Composer({ onAsk, inputRef, dictation }: Props) {
  const [text, setText] = useState("");
  const over = lengthOf(text) - LONGEST_QUESTION;
  const send = () => {
    if (!text.trim()) return;
    onAsk(text);
    if (over <= 0) setText(""); // what is too long is there to be shortened
  };
  return (
    <form className="Composer" onSubmit={submitting(send)}>
      {dictation.able && <Voice dictation={dictation} onWords={(words) => setText((typed) => typed + words)} />}
      <div className="Composer-inputWrap">
        <Input
          ref={inputRef}
          className="Composer-input"
          aria-label="您想问什么"
          aria-describedby="counter"
          placeholder="请输入您想问的事"
          autoSize
          rows={1}
          maxRows={4}
          maxLength={LONGEST_TYPED}
          showCount={false}
          enterKeyHint="send"
          value={text}
          onChange={setText}
          onKeyDown={onEnter(send)}
        />
        <span id="counter" className={over > 0 ? "Counter Counter--over" : "Counter"}>
          {over > 0 ? `超出 ${over} 字，请缩短` : `${lengthOf(text)}/${LONGEST_QUESTION}`}
        </span>
      </div>
      <Button className="Composer-sendBtn" color="primary" type="submit" disabled={!text.trim()}>
        发送
      </Button>
    </form>
  );
}

const SAYS: Readonly<Record<Listening, string>> = {
  idle: "",
  listening: "正在听，松开就停。声音由浏览器（可能是它的厂商）转成文字，我们收不到；文字您看过再发送。",
  refused: "没有使用麦克风的许可，请直接打字。",
  nothing: "没有听清，请再按住说一遍，或者打字。",
};

/** Hold to speak; with a keyboard, one press begins and the next ends it. */
function Voice({ dictation, onWords }: { readonly dictation: Dictation; readonly onWords: (words: string) => void }) {
  const state = useSyncExternalStore(dictation.subscribe, dictation.current);
  const listening = state === "listening";
  const start = () => dictation.start(onWords);
  const stop = () => dictation.stop();
  const press = (event: KeyboardEvent) => {
    if (event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (listening) stop();
    else start();
  };
  return (
    <>
      <button
        type="button"
        className="Btn Composer-voice"
        aria-label="按住说话"
        aria-pressed={listening}
        onPointerDown={start}
        onPointerUp={stop}
        onPointerLeave={stop}
        onPointerCancel={stop}
        onKeyDown={press}
        onContextMenu={(event) => event.preventDefault()}
      >
        <MicrophoneIcon />
      </button>
      {SAYS[state] && (
        <p className="Composer-says" role="status">
          {SAYS[state]}
        </p>
      )}
    </>
  );
}

function submitting(send: () => void) {
  return (event: FormEvent) => {
    event.preventDefault();
    send();
  };
}

/** Enter sends, Shift+Enter breaks the line; while an input method composes a word, Enter belongs to it. */
function onEnter(send: () => void) {
  return (event: KeyboardEvent) => {
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    send();
  };
}
