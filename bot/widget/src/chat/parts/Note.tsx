/** A line of the chat's own in the conversation. */
export function Note({ children }: { readonly children: React.ReactNode }) {
  return (
    <li className="Message Note" role="status">
      {children}
    </li>
  );
}
