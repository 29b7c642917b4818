/** 有帮助 / 没帮助, and after the latter a few words if one likes. */
import { Button } from "@chatui/core";
import { useId, useState, type FormEvent } from "react";
import { HelpfulIcon, UnhelpfulIcon } from "./icons";

/** Deliver a judgement; false when it did not arrive. */
export type Judge = (helpful: boolean, comment?: string) => Promise<boolean>;

const LONGEST_COMMENT = 200;

export function Judgement({ helpful, onJudge }: { readonly helpful: boolean | null; readonly onJudge: Judge }) {
  const [says, setSays] = useState("");
  const [commenting, setCommenting] = useState(false);
  const deliver = async (value: boolean, comment?: string) => {
    const arrived = await onJudge(value, comment);
    setSays(arrived ? "谢谢，您的意见收到了。" : "没有送出去，请稍后再点一次。");
    setCommenting(arrived && !value && comment === undefined);
  };
  return (
    <>
      <div className="Actions-row" role="group" aria-label="这个回答有帮助吗">
        <Button className="Action" aria-pressed={helpful === true} onClick={() => void deliver(true)}>
          <HelpfulIcon />
          有帮助
        </Button>
        <Button className="Action" aria-pressed={helpful === false} onClick={() => void deliver(false)}>
          <UnhelpfulIcon />
          没帮助
        </Button>
      </div>
      <p className="Actions-says" role="status">
        {says}
      </p>
      {commenting && (
        <Comment onSend={(comment) => void deliver(false, comment)} onLeave={() => setCommenting(false)} />
      )}
    </>
  );
}

function Comment({ onSend, onLeave }: { readonly onSend: (comment: string) => void; readonly onLeave: () => void }) {
  const [comment, setComment] = useState("");
  const id = useId();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (comment.trim()) onSend(comment.trim());
    else onLeave();
  };
  return (
    <form className="Comment" onSubmit={send}>
      <label htmlFor={id}>哪里没帮到您？（可以不填，请不要写卡号、身份证号）</label>
      <textarea
        id={id}
        className="Input"
        rows={2}
        maxLength={LONGEST_COMMENT}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <div className="Actions-row">
        <Button className="Action" type="submit">
          提交
        </Button>
        <Button className="Action" onClick={onLeave}>
          不用了
        </Button>
      </div>
    </form>
  );
}
