/** A quote: its point, and by a tap all of it in the place of the point, so that nothing is read twice; where it stands. */
import { useId, useState } from "react";
import type { Citation, Quote } from "../../wire/contract";
import { isWhole } from "../wording";
import { Opener } from "./Disclosure";
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
        <Opener label={whole ? "只看要点" : "看整段"} open={whole} opens={id} onPress={() => setWhole(!whole)} />
      )}
    </figure>
  );
}
