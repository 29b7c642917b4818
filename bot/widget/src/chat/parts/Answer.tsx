/** A reply: its words as text and nothing but text, quotes set off, each with its source. */
import type { ReactNode, Ref } from "react";
import type { Quote, Reply } from "../../wire/contract";
import { Hotlines } from "./Hotlines";
import { Source } from "./Source";

interface Props {
  readonly reply: Reply;
  /** What one can do with it. */
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLElement>;
}

export function Answer({ reply, children, ref }: Props) {
  const { kind, notice, lead, citations, caution, close, hotlines } = reply;
  const cited = new Set(citations.map(({ number }) => number));
  const numbered = citations.length > 1;
  const urgent = kind === "emergency";
  return (
    <article className={`Bubble Answer Answer--${kind}`} aria-label="回答" tabIndex={-1} ref={ref}>
      {urgent && <Hotlines numbers={hotlines} size="urgent" />}
      {!urgent && notice && <p className="Answer-caution">{notice}</p>}
      {lead && <p className="Answer-words">{lead}</p>}
      <Quotes quotes={reply.quotes.filter(({ citation }) => !cited.has(citation))} />
      {citations.map((citation) => (
        <div key={citation.number} className="Answer-source">
          <Quotes quotes={reply.quotes.filter((quote) => quote.citation === citation.number)} />
          <Source citation={citation} numbered={numbered} />
        </div>
      ))}
      {caution && (
        <p className="Answer-caution">
          <strong>提醒：</strong>
          {caution}
        </p>
      )}
      {close && <p className="Answer-words">{close}</p>}
      {urgent && notice && <p className="Answer-caution">{notice}</p>}
      {(kind === "abstain" || kind === "refuse") && <Hotlines numbers={hotlines} />}
      {children}
    </article>
  );
}

function Quotes({ quotes }: { readonly quotes: readonly Quote[] }) {
  return quotes.map((quote, index) => (
    <blockquote key={index} className="Answer-quote">
      {quote.text}
    </blockquote>
  ));
}
