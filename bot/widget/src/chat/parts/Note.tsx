/** A line of the chat's own in the conversation, read out when it appears. */
export function Note({ children }: { readonly children: React.ReactNode }) {
  return (
    <li className="Message Note">
      <div role="status">{children}</div>
    </li>
  );
}
