import type { Grant } from '../grant/grant.ts';

/** What a request says of its condition keys; an empty list says that a key is absent. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

/** A request as it might come to AWS. */
export interface JudgedRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: ContextValues;
  /** Keys that the request does not have. Of any other that `context` is silent about, nothing is known. */
  readonly absentKeys?: readonly string[];
}

/** `undecided`: something that decides is not known here, and is never read as allowed. */
export type Effect = 'allowed' | 'implicitly_denied' | 'explicitly_denied' | 'undecided';

/** What policies say to a request. */
export interface Verdict {
  readonly effect: Effect;
  /** What the session policy says alone. */
  readonly sessionEffect: Effect;
  /** One sentence: by which statement of which policy, or what is missing. */
  readonly reason: string;
}

/** A session that is not made: what bounds it, as far as that is known. */
export interface JudgedSession
  extends Pick<
    Grant,
    'method' | 'roleArn' | 'userArn' | 'roleSessionName' | 'policy' | 'tags' | 'sourceIdentity'
  > {
  /** The role's own policy as a document; undefined where it is not known here, and only the session policy is evaluated. */
  readonly rolePolicy: object | undefined;
  readonly now: Date;
}

/** A session's policies, read. */
export interface SessionJudge {
  /** Why the session policy cannot be evaluated, if it cannot: then every verdict is undecided. */
  readonly fault: string | undefined;
  judge(request: JudgedRequest): Verdict;
}

/** Evaluates what a session could do. A port, since the evaluator is a room of its own. Throws nothing. */
export type OpenJudge = (session: JudgedSession) => SessionJudge;
