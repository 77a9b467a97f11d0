# The firewall: AWS's rules against known attacks, a limit of requests by address, and one
# exception: the path on which the chat takes PDFs may be sent large, binary bodies.

locals {
  upload_path = "/project/file"
  managed = {
    AWSManagedRulesCommonRuleSet          = ["SizeRestrictions_BODY", "CrossSiteScripting_BODY"]
    AWSManagedRulesKnownBadInputsRuleSet  = []
    AWSManagedRulesAmazonIpReputationList = []
    AWSManagedRulesSQLiRuleSet            = ["SQLi_BODY"]
  }
  counted_labels = [
    "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body",
    "awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body",
    "awswaf:managed:aws:sql-database:SQLi_Body",
  ]

  rate_rule = {
    Name             = "rate"
    Priority         = 0
    Action           = { Block = {} }
    Statement        = { RateBasedStatement = { Limit = var.requests_per_five_minutes, AggregateKeyType = "IP", EvaluationWindowSec = 300 } }
    VisibilityConfig = { SampledRequestsEnabled = true, CloudWatchMetricsEnabled = true, MetricName = "rate" }
  }
  managed_rules = [for index, name in sort(keys(local.managed)) : {
    Name           = name
    Priority       = 10 + index
    OverrideAction = { None = {} }
    Statement = { ManagedRuleGroupStatement = {
      VendorName          = "AWS"
      Name                = name
      RuleActionOverrides = [for rule in local.managed[name] : { Name = rule, ActionToUse = { Count = {} } }]
    } }
    VisibilityConfig = { SampledRequestsEnabled = true, CloudWatchMetricsEnabled = true, MetricName = name }
  }]
  # What was only counted above is blocked here, on every other path.
  body_rule = {
    Name     = "bodies-outside-uploads"
    Priority = 20
    Action   = { Block = {} }
    Statement = { AndStatement = { Statements = [
      { OrStatement = { Statements = [for label in local.counted_labels : { LabelMatchStatement = { Scope = "LABEL", Key = label } }] } },
      { NotStatement = { Statement = { ByteMatchStatement = {
        SearchString         = local.upload_path
        FieldToMatch         = { UriPath = {} }
        PositionalConstraint = "EXACTLY"
        TextTransformations  = [{ Priority = 0, Type = "NONE" }]
      } } } },
    ] } }
    VisibilityConfig = { SampledRequestsEnabled = true, CloudWatchMetricsEnabled = true, MetricName = "bodies" }
  }
}

resource "aws_wafv2_web_acl" "this" {
  count     = var.waf ? 1 : 0
  name      = var.name
  scope     = "REGIONAL"
  rule_json = jsonencode(concat([local.rate_rule], local.managed_rules, [local.body_rule]))
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count        = var.waf ? 1 : 0
  resource_arn = aws_lb.this.arn
  web_acl_arn  = one(aws_wafv2_web_acl.this[*].arn)
}

# What was refused and why. The name must begin like this.
resource "aws_cloudwatch_log_group" "waf" {
  count             = var.waf ? 1 : 0
  name              = "aws-waf-logs-${var.name}"
  retention_in_days = 365
  kms_key_id        = var.kms_key_arn
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  count                   = var.waf ? 1 : 0
  resource_arn            = one(aws_wafv2_web_acl.this[*].arn)
  log_destination_configs = aws_cloudwatch_log_group.waf[*].arn
  redacted_fields {
    single_header {
      name = "cookie"
    }
  }
  redacted_fields {
    single_header {
      name = "authorization"
    }
  }
  logging_filter {
    default_behavior = "DROP"
    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"
      condition {
        action_condition {
          action = "BLOCK"
        }
      }
    }
  }
}
