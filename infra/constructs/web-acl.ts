import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { problemBody } from '../../functions/core/problem.ts';
import type { Environment } from '../environment.ts';

/** What the rules watch over, and how strictly. */
export interface WebAclProps {
  readonly stage: Stage;
  readonly rules: NonNullable<Environment['webAcl']>;
}

/**
 * AWS's own groups of rules, with those of their rules that only count. A container credential provider need not send a
 * User-Agent (AWS SDK for JavaScript sends none), and a body that is too large gets Latchkey's own answer.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const MANAGED_GROUPS = [
  ['AWSManagedRulesAmazonIpReputationList', []],
  ['AWSManagedRulesCommonRuleSet', ['NoUserAgent_HEADER', 'SizeRestrictions_BODY']],
  ['AWSManagedRulesKnownBadInputsRuleSet', []],
] as const;

const RATE_WINDOW_SECONDS = 300;
/** The rule looks back over its window: an address that has gone quiet is let through again about then. */
const RETRY_AFTER_SECONDS = 60;
const TOO_MANY = 'TooMany';

/** A web ACL in front of an API: AWS's managed rules, and a limit on what one address may send. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { stage, rules }: WebAclProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('All'),
      customResponseBodies: {
        [TOO_MANY]: { contentType: 'APPLICATION_JSON', content: JSON.stringify(tooMany()) },
      },
      // Before all others: what floods is turned away at once.
      rules: [rateRule(rules.requestsPerFiveMinutes), ...managedRules()],
    });
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: stage.stageArn,
      webAclArn: acl.attrArn,
    });
  }
}

function rateRule(limit: number): CfnWebACL.RuleProperty {
  return {
    name: 'Rate',
    priority: 0,
    statement: {
      rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: RATE_WINDOW_SECONDS },
    },
    action: {
      block: {
        customResponse: {
          responseCode: 429,
          customResponseBodyKey: TOO_MANY,
          responseHeaders: [
            { name: 'Retry-After', value: String(RETRY_AFTER_SECONDS) },
            { name: 'Cache-Control', value: 'no-store' },
          ],
        },
      },
    },
    visibilityConfig: visibility('Rate'),
  };
}

function managedRules(): CfnWebACL.RuleProperty[] {
  return MANAGED_GROUPS.map(([name, counted], index) => ({
    name,
    priority: index + 1,
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    overrideAction: { none: {} },
    visibilityConfig: visibility(name),
  }));
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  // A sample of a request shows its headers, and with them the token.
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

function tooMany() {
  const detail = 'too many requests from this address; try again';
  return problemBody({ status: 429, code: 'throttled', detail, vendId: 'none' });
}
