/** The hotlines as buttons that dial. */
import { telephoneLink } from "../../wire/links";
import { PhoneIcon } from "./icons";

const NAMES: Readonly<Record<string, string>> = { "110": "报警", "96110": "反诈专线" };

/** `urgent`: large, for someone who must call now. */
export function Hotlines({ numbers, urgent = false }: { readonly numbers: readonly string[]; readonly urgent?: boolean }) {
  return (
    <p className={urgent ? "Hotlines Hotlines--urgent" : "Hotlines"}>
      {numbers.map((number) => (
        <a key={number} className="Hotline" href={telephoneLink(number) ?? undefined}>
          <PhoneIcon />
          <span>
            {urgent && "立即拨打 "}
            <strong>{number}</strong> {NAMES[number]}
          </span>
        </a>
      ))}
    </p>
  );
}
