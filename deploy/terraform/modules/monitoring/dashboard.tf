# One page that shows how the agent does.

locals {
  panels = [
    { title = "Analyses finished", metrics = ["AnalysesFinished"], stat = "Sum" },
    { title = "Waiting analyses", metrics = ["QueueDepth", "QueueLagSeconds"], stat = "Maximum" },
    { title = "Seconds a step", metrics = ["StageSeconds", "ModelSeconds"], stat = "p90" },
    { title = "Model calls", metrics = ["ModelCalls", "ModelErrors", "ModelTimeouts", "ModelThrottles"], stat = "Sum" },
    { title = "Model tokens", metrics = ["ModelInputTokens", "ModelOutputTokens"], stat = "Sum" },
    { title = "Model cost, USD", metrics = ["ModelCostUsd"], stat = "Sum" },
    { title = "Kept replies and reports", metrics = ["CacheHits", "CacheMisses"], stat = "Sum" },
    { title = "Feedback (1 is good)", metrics = ["FeedbackScore"], stat = "Average" },
    { title = "Claims that hold up, %", metrics = ["VerifiedShare"], stat = "Average" },
    { title = "Database", metrics = ["DatabaseSeconds", "DatabaseErrors"], stat = "Average" },
    { title = "Seconds from event to reader", metrics = ["EventLagSeconds"], stat = "p95" },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  count          = var.dashboard ? 1 : 0
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = concat(
      [for index, panel in local.panels : {
        type   = "metric"
        x      = (index % 3) * 8
        y      = floor(index / 3) * 6
        width  = 8
        height = 6
        properties = {
          title   = panel.title
          region  = var.region
          stat    = panel.stat
          period  = 300
          view    = "timeSeries"
          metrics = [for name in panel.metrics : [var.metrics.namespace, var.metrics.names[name], "Environment", var.environment]]
        }
      }],
      [{
        type   = "log"
        x      = 0
        y      = 24
        width  = 24
        height = 6
        properties = {
          title  = "Warnings and errors"
          region = var.region
          view   = "table"
          query  = "SOURCE '${var.web_log_group}' | SOURCE '${var.worker_log_group}' | fields @timestamp, level, event, error | filter level in ['warning', 'error'] | sort @timestamp desc | limit 50"
        }
      }],
    )
  })
}
