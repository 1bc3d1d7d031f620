/** The detail-types by which a control plane tells Latchkey of its tenants. */
export const TENANT_EVENT_TYPES = [
  'TenantOnboardingRequested',
  'TenantUpdated',
  'TenantSuspended',
  'TenantResumed',
  'TenantOffboarded',
] as const;

/**
 * Those of the SaaS Builder Toolkit that Latchkey follows, where it is configured to. Read in @cdklabs/sbt-aws v0.9.4 (commit
 * cea7b77); the prefix came with v0.9.0. The source is the toolkit's `controlPlaneEventSource`, which a deployment may rename.
 */
export const SBT_EVENT_TYPES = ['sbt_aws_onboardingRequest', 'sbt_aws_offboardingRequest'] as const;

/** One of the events that Latchkey follows by itself. */
export type TenantEventType = (typeof TENANT_EVENT_TYPES)[number];

/** One of the events of the SaaS Builder Toolkit that Latchkey follows. */
export type SbtEventType = (typeof SBT_EVENT_TYPES)[number];
