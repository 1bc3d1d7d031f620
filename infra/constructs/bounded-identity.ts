import { ManagedPolicy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What it is, and what for. */
export interface BoundedIdentityProps {
  readonly kind: 'role' | 'user';
  readonly description: string;
}

/**
 * A role or a user with a permissions boundary that says the same as its policy: a policy that something else puts on it can take
 * away from what is permitted, and add nothing. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export abstract class BoundedIdentity extends Construct {
  protected readonly boundary: ManagedPolicy;

  constructor(scope: Construct, id: string, { kind, description }: BoundedIdentityProps) {
    super(scope, id);
    this.boundary = new ManagedPolicy(this, 'Boundary', {
      description: `The most that a policy of the ${kind} can permit. ${description}`,
    });
  }

  /** Lets it, and sessions that are made from it, do this, as far as their session policies let them as well. */
  permit(...statements: readonly PolicyStatement[]): void {
    this.boundary.addStatements(...statements);
  }
}
