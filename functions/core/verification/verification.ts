/** What a verification tries. Every name is part of the API. */
export const PROBE_NAMES = [
  'canary_vend',
  'without_external_id',
  'with_wrong_external_id',
  'without_tenant_tag',
  'with_foreign_tenant_tag',
  'by_assume_role',
  'foreign_object_read',
  'foreign_object_list',
  'foreign_item_read',
] as const;

/** One of them. */
export type ProbeName = (typeof PROBE_NAMES)[number];

/** How one probe of one profile ended. */
export interface ProbeResult {
  readonly profile: string;
  /** What sessions of the profile are made from: a role, an IAM user, or a role for what an IAM user asks. */
  readonly roleArn?: string;
  readonly userArn?: string;
  readonly probe: ProbeName;
  /** `undecided`: AWS could not be asked, or its answer says nothing yet, so nothing is known. `not_applicable` says in `detail` why. */
  readonly outcome: 'passed' | 'failed' | 'undecided' | 'not_applicable';
  /** What was seen, in a sentence: the hole, for one that failed. */
  readonly detail: string;
  /** What closes the hole. */
  readonly cure?: string;
}

/** Whether a tenant's roles do what they must and refuse what they must, as AWS itself answered. */
export interface VerificationReport {
  readonly tenantId: string;
  /** Whether every probe passed or does not apply. */
  readonly passed: boolean;
  readonly verifiedAt: string;
  readonly probes: readonly ProbeResult[];
}
