# What tells the owner that something is wrong. Names of our own metrics come from the agent's
# catalogue alone (agent/metrics.yaml): a name that is not in it stops the plan.

locals {
  own = { Environment = var.environment }

  # Each alarm on our own metrics: the metrics it reads, by the letter used in its expression.
  own_alarms = {
    model-errors = {
      means      = "Over a fifth of at least ten model calls failed: see the provider's status and the keys."
      metrics    = { e = [var.metrics.names.ModelErrors, "Sum"], n = [var.metrics.names.ModelCalls, "Sum"] }
      expression = "IF(n >= 10, 100 * e / n, 0)"
      threshold  = 20
      period     = 300
      periods    = 2
      of         = 3
    }
    model-timeouts = {
      means      = "Model calls time out: raise ISRA_MODEL_TIMEOUT or take a faster model."
      metrics    = { t = [var.metrics.names.ModelTimeouts, "Sum"], n = [var.metrics.names.ModelCalls, "Sum"] }
      expression = "IF(n >= 10, 100 * t / n, 0)"
      threshold  = 10
      period     = 300
      periods    = 2
      of         = 3
    }
    model-throttles = {
      means      = "The provider refuses calls (429): lower ISRA_MODEL_RPM or raise the quota."
      metrics    = { r = [var.metrics.names.ModelThrottles, "Sum"], n = [var.metrics.names.ModelCalls, "Sum"] }
      expression = "IF(n >= 10, 100 * r / n, 0)"
      threshold  = 30
      period     = 300
      periods    = 3
      of         = 3
    }
    model-cost = {
      means      = "Model calls of one hour cost more than agreed."
      metrics    = { c = [var.metrics.names.ModelCostUsd, "Sum"] }
      expression = "FILL(c, 0)"
      threshold  = var.model_usd_an_hour
      period     = 3600
      periods    = 1
      of         = 1
    }
    database-errors = {
      means      = "Statements of the database fail: see its events, its connections and the password."
      metrics    = { e = [var.metrics.names.DatabaseErrors, "Sum"] }
      expression = "FILL(e, 0)"
      threshold  = 5
      period     = 300
      periods    = 2
      of         = 3
    }
    feedback-drop = {
      means      = "Under 70 % of at least five thumbs an hour are up: read the comments at /owner/feedback."
      metrics    = { s = [var.metrics.names.FeedbackScore, "Sum"], n = [var.metrics.names.FeedbackScore, "SampleCount"] }
      expression = "IF(n >= 5, 100 * (1 - s / n), 0)"
      threshold  = 30
      period     = 3600
      periods    = 2
      of         = 3
    }
    queue-age = {
      means      = "An analysis has waited ten minutes for a worker: are there workers, do they start?"
      metrics    = { a = [var.metrics.names.QueueLagSeconds, "Maximum"] }
      expression = "FILL(a, 0)"
      threshold  = 600
      period     = 300
      periods    = 2
      of         = 2
    }
    verified-share = {
      means      = "Under half of the drafted claims hold up on their pages: a prompt or a model went wrong."
      metrics    = { v = [var.metrics.names.VerifiedShare, "Average"], n = [var.metrics.names.VerifiedShare, "SampleCount"] }
      expression = "IF(n >= 10, 100 - v, 0)"
      threshold  = 50
      period     = 3600
      periods    = 1
      of         = 1
    }
  }
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsOfThisAccount"
      Effect    = "Allow"
      Principal = { Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:${var.region}:${var.account_id}:${var.name}-alarms"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_sns_topic_subscription" "mail" {
  for_each  = toset(var.alarm_emails)
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

# A chat's incoming address (Slack, Teams, by way of an https endpoint of theirs).
resource "aws_sns_topic_subscription" "chat" {
  for_each               = toset(var.alarm_endpoints)
  topic_arn              = aws_sns_topic.alarms.arn
  protocol               = "https"
  endpoint               = each.value
  endpoint_auto_confirms = true
}

resource "aws_cloudwatch_metric_alarm" "own" {
  for_each            = local.own_alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.means
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = each.value.of
  datapoints_to_alarm = each.value.periods
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
  metric_query {
    id          = "alarm"
    expression  = each.value.expression
    label       = each.key
    return_data = true
  }
  dynamic "metric_query" {
    for_each = each.value.metrics
    content {
      id = metric_query.key
      metric {
        namespace   = var.metrics.namespace
        metric_name = metric_query.value[0]
        dimensions  = local.own
        period      = each.value.period
        stat        = metric_query.value[1]
      }
    }
  }
}

# The share of answers with 5XX, once there are twenty requests; it also rolls a deployment back.
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${var.name}-5xx"
  alarm_description   = "Over 5 % of the requests ended in an error of ours: see the web task's log."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
  metric_query {
    id          = "alarm"
    expression  = "IF(req >= 20, 100 * (FILL(elb5xx, 0) + FILL(target5xx, 0)) / req, 0)"
    label       = "5XX %"
    return_data = true
  }
  dynamic "metric_query" {
    for_each = { req = "RequestCount", elb5xx = "HTTPCode_ELB_5XX_Count", target5xx = "HTTPCode_Target_5XX_Count" }
    content {
      id = metric_query.key
      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        dimensions  = { LoadBalancer = var.balancer_suffix }
        period      = 60
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  alarm_name          = "${var.name}-unhealthy"
  alarm_description   = "A web task fails its health check for three minutes: see its log, and the stopped tasks."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
  metric_query {
    id          = "alarm"
    expression  = "FILL(blue, 0) + FILL(green, 0)"
    label       = "unhealthy tasks"
    return_data = true
  }
  dynamic "metric_query" {
    for_each = var.target_group_suffixes
    content {
      id = metric_query.key
      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "UnHealthyHostCount"
        dimensions  = { LoadBalancer = var.balancer_suffix, TargetGroup = metric_query.value }
        period      = 60
        stat        = "Maximum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "database" {
  for_each = {
    cpu = {
      metric = "CPUUtilization", above = true, threshold = 85, means = "The database computes at its limit."
    }
    connections = {
      metric = "DatabaseConnections", above = true, threshold = 80, means = "Connections of the database run out."
    }
    storage = {
      metric = "FreeStorageSpace", above = false, threshold = 3000000000, means = "The database's disk is nearly full."
    }
  }
  alarm_name          = "${var.name}-database-${each.key}"
  alarm_description   = each.value.means
  comparison_operator = each.value.above ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 3
  period              = 300
  statistic           = "Average"
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = var.database_dimension
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  count               = var.intake ? 1 : 0
  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "Requests of other systems could not be used: read them in the dead-letter queue."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  period              = 300
  statistic           = "Maximum"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = var.dead_letter_queue_name }
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_budgets_budget" "month" {
  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Environment$%s", var.environment)]
  }
  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }
    content {
      comparison_operator       = "GREATER_THAN"
      threshold                 = notification.value
      threshold_type            = "PERCENTAGE"
      notification_type         = notification.key
      subscriber_sns_topic_arns = [aws_sns_topic.alarms.arn]
    }
  }
}
