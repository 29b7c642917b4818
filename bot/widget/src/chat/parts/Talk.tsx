/** The conversation: greeting, what was said before, what waits. */
import { Bubble, Button } from "@chatui/core";
import { useEffect, useRef, type RefObject } from "react";
import type { Conversation, Snapshot } from "../../conversation/conversation";
import type { Turn } from "../../wire/contract";
import { useArrival } from "../arrival";
import type { Speaker } from "../speaker";
import { GREETING, NEVER_ASKS } from "../wording";
import { Actions } from "./Actions";
import { Answer } from "./Answer";
import { Erasing, useErasing } from "./Erasing";
import { Asked, Pending, Replied } from "./Exchange";
import { Note } from "./Note";
import { QuickAsks } from "./QuickAsks";

interface Props {
  readonly conversation: Conversation;
  readonly seen: Snapshot;
  readonly place: string | null;
  readonly online: boolean;
  /** Whether the browser lets this frame keep nothing. */
  readonly forgetful: boolean;
  readonly speaker: Speaker;
  readonly input: RefObject<HTMLTextAreaElement | null>;
}

export function Talk({ conversation, seen, place, online, forgetful, speaker, input }: Props) {
  const newest = useRef<HTMLLIElement>(null);
  const answer = useArrival(seen.answered, newest, input);
  const end = useEnd(seen);
  const ask = (question: string) => void conversation.ask(question);
  const erasing = useErasing(conversation, input);
  const last = seen.turns[seen.turns.length - 1];
  const exchange = (turn: Turn, known: boolean) => [
    <Asked key={`${turn.id} asked`} text={turn.text} at={turn.at} ref={turn === last ? newest : null} />,
    <Replied key={turn.id}>
      <Answer reply={turn.reply} ref={turn.id === seen.answered ? answer : null}>
        <Actions turn={turn} speaker={speaker} onJudge={known ? judging(conversation, turn) : null} />
      </Answer>
    </Replied>,
  ];
  return (
    <main className="MessageContainer" aria-label="对话">
      <ol className="MessageList">
        <Greeting seen={seen} place={place} onAsk={ask} />
        {forgetful && (
          <Note>
            浏览器不让这个网页里的对话保存下来，刷新以后就没有了。想留着，请
            <a href={location.pathname} target="_blank" rel="noopener">
              在单独的窗口里提问
            </a>
            。
          </Note>
        )}
        {erasing.step === "done" && !last && !seen.waiting.length && <Note>刚才的对话已经全部删除。</Note>}
        {seen.earlier.flatMap((turn) => exchange(turn, false))}
        {seen.earlier.length > 0 && <Note>连接重新建立了。上面的对话只留在这个页面上，接下来请把问题说完整。</Note>}
        {seen.turns.flatMap((turn) => exchange(turn, true))}
        {seen.history === "loading" && <Note>正在取回之前的对话……</Note>}
        {seen.history === "failed" && (
          <Note>
            没能取回之前的对话。
            <Button className="Action" onClick={() => void conversation.retry()}>
              重试
            </Button>
          </Note>
        )}
        {seen.waiting.flatMap((question, index) => [
          <Asked key={`${question.id} asked`} text={question.text} />,
          <Pending
            key={question.id}
            question={question}
            online={online}
            first={index === 0}
            onRetry={() => void conversation.retry()}
            onDiscard={() => conversation.discard(question.id)}
          />,
        ])}
      </ol>
      {last && !seen.waiting.length && last.reply.kind !== "emergency" && (
        <QuickAsks label={last.reply.kind === "ask" ? "请选一个，也可以直接打字" : "您还可以问"} questions={last.reply.suggestions} onAsk={ask} />
      )}
      {(last || seen.earlier.length > 0) && <Erasing {...erasing} quiet={!seen.waiting.length} />}
      <div ref={end} />
    </main>
  );
}

function Greeting({ seen, place, onAsk }: { seen: Snapshot; place: string | null; onAsk: (question: string) => void }) {
  const here = place && seen.topics.places.includes(place) ? [`我在${place}`] : [];
  return (
    <Replied>
      <Bubble className="Bubble text Greeting">
        <p>{GREETING}</p>
        <p>
          <strong>{NEVER_ASKS}</strong>
        </p>
        <p>想问什么，直接打字就行，也可以点下面的问题：</p>
      </Bubble>
      <QuickAsks label="常问的问题" questions={[...here, ...seen.topics.topics.map(({ ask }) => ask)]} onAsk={onAsk} />
    </Replied>
  );
}

function judging(conversation: Conversation, turn: Turn) {
  return (helpful: boolean, comment?: string) => conversation.judge(turn.id, helpful, comment);
}

/** The end comes into view when something is asked or runs into trouble, and at a reload; replies mind themselves. */
function useEnd({ waiting, turns }: Snapshot): RefObject<HTMLDivElement | null> {
  const end = useRef<HTMLDivElement>(null);
  const before = useRef("");
  const newest = waiting[waiting.length - 1];
  const now = newest ? `${newest.id} ${newest.state}` : turns.length ? "talked" : "";
  useEffect(() => {
    const asked = now !== "" && now !== "talked";
    if (asked || (now && !before.current)) end.current?.scrollIntoView({ block: "end" });
    before.current = now;
  }, [now]);
  return end;
}
