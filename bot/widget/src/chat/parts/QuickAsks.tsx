/** Questions one can put by a tap. */
interface Props {
  /** What these are. */
  readonly label: string;
  readonly questions: readonly string[];
  readonly onAsk: (question: string) => void;
}

export function QuickAsks({ label, questions, onAsk }: Props) {
  if (!questions.length) return null;
  return (
    <nav className="QuickAsks" aria-label={label}>
      <p className="QuickAsks-label" aria-hidden="true">
        {label}
      </p>
      <ul>
        {questions.map((question) => (
          <li key={question}>
            <button type="button" className="QuickReply" onClick={() => onAsk(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
