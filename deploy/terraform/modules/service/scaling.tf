# Web tasks by load and by the clock; workers by what waits for each of them.

resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.web.name}"
  min_capacity       = var.web_min
  max_capacity       = var.web_max
}

resource "aws_appautoscaling_policy" "web" {
  for_each           = { ECSServiceAverageCPUUtilization = 60, ECSServiceAverageMemoryUtilization = 75 }
  name               = "${var.name}-web-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  resource_id        = aws_appautoscaling_target.web.resource_id
  target_tracking_scaling_policy_configuration {
    target_value       = each.value
    scale_in_cooldown  = 300
    scale_out_cooldown = 60
    predefined_metric_specification {
      predefined_metric_type = each.key
    }
  }
}

# A balancer does not wake a service without tasks: it sleeps and wakes by the clock.
resource "aws_appautoscaling_scheduled_action" "web" {
  for_each = var.office_hours == null ? {} : {
    sleep = { at = var.office_hours.sleep, least = 0, most = 0 }
    wake  = { at = var.office_hours.wake, least = var.web_min, most = var.web_max }
  }
  name               = "${var.name}-web-${each.key}"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  resource_id        = aws_appautoscaling_target.web.resource_id
  schedule           = "cron(${each.value.at})"
  timezone           = var.office_hours.timezone
  scalable_target_action {
    min_capacity = each.value.least
    max_capacity = each.value.most
  }
}

resource "aws_appautoscaling_target" "worker" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.worker.name}"
  min_capacity       = var.worker_min
  max_capacity       = var.worker_max
}

# From none to one: a backlog divided by no tasks has no value, so that the policy below cannot start
# the first. One more task, never a set number: where workers do run, it must not take any away.
resource "aws_appautoscaling_policy" "worker_first" {
  name               = "${var.name}-worker-first"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension
  resource_id        = aws_appautoscaling_target.worker.resource_id
  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    metric_aggregation_type = "Maximum"
    # A task takes a minute or two until it works: no second one for the same analysis.
    cooldown = 180
    step_adjustment {
      metric_interval_lower_bound = "0"
      scaling_adjustment          = 1
    }
  }
}

# The web tasks count the queue, so that this is known also where no worker runs.
resource "aws_cloudwatch_metric_alarm" "worker_first" {
  alarm_name          = "${var.name}-worker-first"
  alarm_description   = "Scaling, not trouble: an analysis waits and no worker takes it."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 1
  period              = 60
  statistic           = "Maximum"
  namespace           = var.metrics.namespace
  metric_name         = var.metrics.names.QueueLagSeconds
  dimensions          = { Environment = var.environment }
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_appautoscaling_policy.worker_first.arn]
}

# Requests of other systems wait in their own queue until a worker reads it.
resource "aws_cloudwatch_metric_alarm" "intake_first" {
  count               = var.intake_queue_name == null ? 0 : 1
  alarm_name          = "${var.name}-intake-first"
  alarm_description   = "Scaling, not trouble: a request of another system waits and no worker takes it."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  period              = 60
  statistic           = "Maximum"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = var.intake_queue_name }
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_appautoscaling_policy.worker_first.arn]
}

# From one up, and down again to worker_min: once nothing has waited for a quarter of an hour. A
# worker that still works is protected from being taken away (app/protection.py).
resource "aws_appautoscaling_policy" "worker_backlog" {
  name               = "${var.name}-worker-backlog"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension
  resource_id        = aws_appautoscaling_target.worker.resource_id
  target_tracking_scaling_policy_configuration {
    # Analyses that wait for each task, beside those it runs.
    target_value       = var.worker_concurrency
    scale_in_cooldown  = 300
    scale_out_cooldown = 60
    customized_metric_specification {
      metrics {
        id          = "backlog"
        expression  = "IF(tasks > 0, depth / tasks, 0)"
        label       = "backlog of each worker"
        return_data = true
      }
      metrics {
        id          = "depth"
        return_data = false
        metric_stat {
          stat = "Maximum"
          metric {
            namespace   = var.metrics.namespace
            metric_name = var.metrics.names.QueueDepth
            dimensions {
              name  = "Environment"
              value = var.environment
            }
          }
        }
      }
      metrics {
        id          = "tasks"
        return_data = false
        metric_stat {
          # One sample a minute and running task; ECS gives this metric for nothing.
          stat = "SampleCount"
          metric {
            namespace   = "AWS/ECS"
            metric_name = "CPUUtilization"
            dimensions {
              name  = "ClusterName"
              value = aws_ecs_cluster.this.name
            }
            dimensions {
              name  = "ServiceName"
              value = aws_ecs_service.worker.name
            }
          }
        }
      }
    }
  }
}
