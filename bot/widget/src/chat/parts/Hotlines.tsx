/** The hotlines as buttons that dial. */
import { telephoneLink } from "../../wire/links";
import { PhoneIcon } from "./icons";

const NAMES: Readonly<Record<string, string>> = { "110": "报警", "96110": "反诈专线" };

interface Props {
  readonly numbers: readonly string[];
  /** `urgent`: for someone who must call now; `short`: where there is little room, the names are only heard. */
  readonly size?: "urgent" | "usual" | "short";
}

export function Hotlines({ numbers, size = "usual" }: Props) {
  return (
    <div className={`Hotlines Hotlines--${size}`}>
      {numbers.map((number) => (
        <a key={number} className="Hotline" href={telephoneLink(number) ?? undefined}>
          <PhoneIcon />
          <span>
            {size === "urgent" && "立即拨打 "}
            <strong>{number}</strong> <span className={size === "short" ? "Unseen" : undefined}>{NAMES[number]}</span>
          </span>
        </a>
      ))}
    </div>
  );
}
