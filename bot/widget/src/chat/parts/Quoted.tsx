/** A quote: its point, and by a tap all of it in the place of the point, so that nothing is read twice; where it stands. */
import { useId, useState } from "react";
import type { Citation, Quote } from "../../wire/contract";
import { isWhole } from "../wording";
import { OpenIcon } from "./icons";
import { Source } from "./Source";

export function Quoted({ quote, citation }: { readonly quote: Quote; readonly citation: Citation | null }) {
  const [whole, setWhole] = useState(false);
  const id = useId();
  return (
    <figure className="Quoted">
      <blockquote id={id} className="Answer-quote">
        {whole ? quote.text : quote.point}
      </blockquote>
      {quote.gloss && <p className="Quoted-gloss">（{quote.gloss}）</p>}
      {citation && (
        <figcaption>
          <Source citation={citation} />
        </figcaption>
      )}
      {!isWhole(quote) && (
        <button type="button" className="Disclosure-button" aria-expanded={whole} aria-controls={id} onClick={() => setWhole(!whole)}>
          <OpenIcon />
          <span>{whole ? "只看要点" : "看整段"}</span>
        </button>
      )}
    </figure>
  );
}
