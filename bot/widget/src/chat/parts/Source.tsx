/** Where a quote stands: a card that opens the bulletin at the passage. */
import { useConfig } from "@chatui/core";
import type { Citation } from "../../wire/contract";
import { inLargeLetters } from "../../wire/links";
import { provenance } from "../wording";
import { DocumentIcon } from "./icons";

export function Source({ citation }: { readonly citation: Citation }) {
  const { reader, url } = citation;
  const { elderMode } = useConfig();
  return (
    <div className="Source">
      {reader ? (
        <a className="Source-card" href={elderMode ? inLargeLetters(reader) : reader} target="_blank" rel="noopener">
          <SourceWords citation={citation} />
          <span className="Source-open">
            看通报里的这段话<span className="Unseen">（在新窗口打开）</span>
          </span>
        </a>
      ) : (
        <div className="Source-card">
          <SourceWords citation={citation} />
        </div>
      )}
      {url && (
        <a className="Source-original" href={url} target="_blank" rel="noopener noreferrer nofollow">
          原发布网页<span className="Unseen">（在新窗口打开）</span>
        </a>
      )}
    </div>
  );
}

function SourceWords({ citation }: { readonly citation: Citation }) {
  return (
    <>
      <span className="Source-title">
        <DocumentIcon />
        <span>
          来源：《{citation.title}》{citation.article}
        </span>
      </span>
      <span className="Source-facts">{provenance(citation)}</span>
    </>
  );
}
