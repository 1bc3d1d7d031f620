import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import { Bucket, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PRIVATE_BUCKET } from './private-bucket.ts';

/**
 * Where role templates lie for CloudFormation in a customer's account to fetch, by presigned links. They are made anew
 * whenever somebody asks, so the bucket keeps them a day and goes with its stack, in every environment.
 */
export class TemplateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE_BUCKET,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        { expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'role templates that live for a day and hold no secret; who asked for each is in the audit log',
    });
  }

  /** Lets `role` put templates, and sign the links by which they are fetched: a link can do what its signer can. */
  grantPublish(role: IRole): Grant {
    const bucketId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
      reason: 'the bucket holds nothing but role templates, each under a name of its own',
    });
    return Grant.addToPrincipal({
      grantee: role,
      actions: ['s3:PutObject', 's3:GetObject'],
      resourceArns: [this.bucket.arnForObjects('*')],
    });
  }
}
