import { SecretValue, Validations } from 'aws-cdk-lib';
import { AccessKey, User } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { BoundedIdentity } from './bounded-identity.ts';

/** How the user and the secret with its keys are called, and how often the keys have been rotated. */
export interface BoundedUserProps {
  readonly userName: string;
  /** `/latchkey/prod/` */
  readonly path: string;
  readonly secretName: string;
  /** Undefined: not at all. */
  readonly keySerial: number | undefined;
}

/**
 * An IAM user with long-term keys, which holds no more than what is permitted to it. Nobody is shown the keys: CloudFormation
 * puts them into the secret. The user has no password, and is in no group.
 */
export class BoundedUser extends BoundedIdentity {
  readonly user: User;
  /** JSON: `accessKeyId` and `secretAccessKey`. */
  readonly secret: Secret;

  constructor(scope: Construct, id: string, props: BoundedUserProps) {
    const { userName, path, secretName, keySerial } = props;
    super(scope, id, { kind: 'user', description: `Latchkey: ${userName}` });
    this.user = new User(this, 'User', {
      userName,
      path,
      permissionsBoundary: this.boundary,
      // The same document, attached: all inline policies of a user have 2,048 characters together, which are for revocations.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      managedPolicies: [this.boundary],
    });
    const { accessKeyId, secretAccessKey } = new AccessKey(this, 'Key', {
      user: this.user,
      ...(keySerial === undefined ? {} : { serial: keySerial }),
    });
    this.secret = new Secret(this, 'Secret', {
      secretName,
      description: `Long-term keys of ${userName}`,
      // A reference: the id of a key is no secret, and CloudFormation alone knows it.
      secretObjectValue: { accessKeyId: SecretValue.unsafePlainText(accessKeyId), secretAccessKey },
    });
    Validations.of(this.secret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'the keys are rotated by a deployment (keySerial of the environment), which makes new ones before the old go',
    });
  }
}
