/** Where one types. */
import { Button, Input } from "@chatui/core";
import { useState, type FormEvent, type KeyboardEvent, type RefObject } from "react";
import { lengthOf, LONGEST_QUESTION } from "../wording";

// More than one may ask, so that a victim's long story still gets its reply, and less than a message may weigh.
const LONGEST_TYPED = 1200;

interface Props {
  readonly onAsk: (question: string) => void;
  readonly inputRef: RefObject<HTMLTextAreaElement | null>;
}

export function Composer({ onAsk, inputRef }: Props) {
  const [text, setText] = useState("");
  const over = lengthOf(text) - LONGEST_QUESTION;
  const send = () => {
    if (!text.trim()) return;
    onAsk(text);
    if (over <= 0) setText(""); // what is too long is there to be shortened
  };
  return (
    <form className="Composer" onSubmit={submitting(send)}>
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
