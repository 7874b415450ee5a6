/** Why the agent could not do what it was asked for. */
export type AgentFault =
  /** What was given cannot be used; a person has to change it. */
  | 'settings'
  /** Its own files are not as it wrote them. */
  | 'state'
  /** Keys cannot be opened or made. */
  | 'key'
  /** Nobody answered; trying again may help. */
  | 'network'
  /** Whoever answered is not the server that was pinned. */
  | 'untrusted'
  /** The server said no. */
  | 'refused'
  /** The system could not read or write. */
  | 'disk'
  /** Another agent uses the same folder. */
  | 'busy';

export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentFault;
  /** Status of the server's answer, where it is one. */
  readonly status: number | null;

  constructor(code: AgentFault, message: string, status: number | null = null) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
