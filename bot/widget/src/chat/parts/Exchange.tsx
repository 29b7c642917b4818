/** A question and its reply, or what there is instead of one. */
import { Bubble, Button, Typing } from "@chatui/core";
import type { ReactNode, Ref } from "react";
import type { Waiting } from "../../conversation/conversation";
import { clock, SEARCHING } from "../wording";

interface AskedProps {
  readonly text: string;
  /** When, in ISO 8601; none as long as the channel has not said it. */
  readonly at?: string;
  readonly ref?: Ref<HTMLLIElement>;
}

/** The resident's own words. */
export function Asked({ text, at, ref }: AskedProps) {
  const when = at ? clock(at, new Date()) : "";
  return (
    <li className="Message right" ref={ref}>
      <span className="Unseen">您问：</span>
      <Bubble content={text} />
      {when && (
        <time className="Asked-at" dateTime={at}>
          {when}
        </time>
      )}
    </li>
  );
}

export function Replied({ children }: { readonly children: ReactNode }) {
  return <li className="Message left">{children}</li>;
}

interface PendingProps {
  readonly question: Waiting;
  readonly online: boolean;
  /** Of all that wait, the one whose turn it is. */
  readonly first: boolean;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

export function Pending({ question, online, first, onRetry, onDiscard }: PendingProps) {
  if (question.state === "asking" && online) return first ? <Replied children={<Typing text={SEARCHING} />} /> : null;
  return (
    <Replied>
      <div className="Trouble" role="status">
        <p>{question.sentence ?? trouble(question, online)}</p>
        <div className="Actions-row">
          {question.state !== "refused" && (
            <Button className="Action" onClick={onRetry}>
              重试
            </Button>
          )}
          <Button className="Action" onClick={onDiscard}>
            {question.state === "refused" ? "知道了" : "不问了"}
          </Button>
        </div>
      </div>
    </Replied>
  );
}

function trouble(question: Waiting, online: boolean): string {
  if (question.state === "refused") return "这条没有被接收。请换个说法再问；着急的事请拨打 96110，紧急情况请拨打 110。";
  if (!online) return "现在没有网络，恢复后会自动发送。着急的事请直接拨打 96110，紧急情况请拨打 110。";
  return question.state === "busy"
    ? "现在问得太多、太快了，请稍等一会儿，会自动再发。着急的事请直接拨打 96110，紧急情况请拨打 110。"
    : "暂时连不上，正在自动重试。着急的事请直接拨打 96110，紧急情况请拨打 110。";
}
