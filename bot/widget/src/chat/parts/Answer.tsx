/** A reply: its words as text and nothing but text. The point of the first quote is set off, with where it stands. */
import type { ReactNode, Ref } from "react";
import type { Citation, Quote, Reply } from "../../wire/contract";
import { others } from "../wording";
import { Disclosure } from "./Disclosure";
import { Hotlines } from "./Hotlines";
import { Quoted } from "./Quoted";

interface Props {
  readonly reply: Reply;
  /** What one can do with it. */
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLElement>;
}

export function Answer({ reply, children, ref }: Props) {
  const { kind, notice, lead, quotes, caution, close, hotlines } = reply;
  const [first, ...rest] = quotes;
  const urgent = kind === "emergency";
  const source = (quote: Quote): Citation | null => reply.citations.find(({ number }) => number === quote.citation) ?? null;
  return (
    <article className={`Bubble Answer Answer--${kind}`} aria-label={kind === "near" ? "不是直接的回答" : "回答"} tabIndex={-1} ref={ref}>
      {urgent && <Hotlines numbers={hotlines} size="urgent" />}
      {!urgent && notice && <p className="Answer-caution">{notice}</p>}
      {lead && <p className="Answer-words">{lead}</p>}
      {first && <Quoted quote={first} citation={source(first)} />}
      {rest.length > 0 && (
        <Disclosure label={others(reply)}>
          {rest.map((quote, index) => (
            <Quoted key={index} quote={quote} citation={source(quote)} />
          ))}
        </Disclosure>
      )}
      {caution && <p className="Answer-caution">{caution}</p>}
      {close && <p className="Answer-words">{close}</p>}
      {urgent && notice && <p className="Answer-caution">{notice}</p>}
      {["near", "abstain", "refuse"].includes(kind) && <Hotlines numbers={hotlines} />}
      {children}
    </article>
  );
}
