# The way in: TLS at an application load balancer, old addresses sent on to https.

resource "aws_security_group" "this" {
  name        = "${var.name}-balancer"
  description = "HTTPS from anywhere, to the tasks only"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  security_group_id = aws_security_group.this.id
  description       = "HTTP, only to be sent on to HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_egress_rule" "tasks" {
  security_group_id            = aws_security_group.this.id
  description                  = "The tasks"
  referenced_security_group_id = var.task_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 8000
  to_port                      = 8000
}

# The balancer itself asks Cognito for its keys and tokens.
resource "aws_vpc_security_group_egress_rule" "sign_in" {
  count             = var.cognito ? 1 : 0
  security_group_id = aws_security_group.this.id
  description       = "Sign-in"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_lb" "this" {
  name               = var.name
  load_balancer_type = "application"
  security_groups    = [aws_security_group.this.id]
  subnets            = var.subnet_ids
  # A chat's socket is quiet while a report is read.
  idle_timeout               = 300
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
}

resource "aws_lb_target_group" "web" {
  for_each             = toset(["blue", "green"])
  name                 = "${var.name}-${each.key}"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = 8000
  deregistration_delay = 60
  # A chat lives in the memory of one task.
  stickiness {
    type            = "lb_cookie"
    cookie_duration = 86400
  }
  health_check {
    path                = "/healthz"
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_acm_certificate" "this" {
  domain_name       = var.domain_name
  validation_method = "DNS"
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  zone_id = var.zone_id
  name    = one(aws_acm_certificate.this.domain_validation_options[*].resource_record_name)
  type    = one(aws_acm_certificate.this.domain_validation_options[*].resource_record_type)
  records = aws_acm_certificate.this.domain_validation_options[*].resource_record_value
  ttl     = 300
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [aws_route53_record.validation.fqdn]
}

resource "aws_route53_record" "this" {
  zone_id = var.zone_id
  name    = var.domain_name
  type    = "A"
  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn
  # Whoever comes by another name is no visitor of ours.
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "Not found"
      status_code  = "404"
    }
  }
}

# ECS moves this rule from blue to green and back.
resource "aws_lb_listener_rule" "web" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 100
  condition {
    host_header {
      values = [var.domain_name]
    }
  }
  dynamic "action" {
    for_each = var.cognito ? [1] : []
    content {
      order = 1
      type  = "authenticate-cognito"
      authenticate_cognito {
        user_pool_arn              = one(aws_cognito_user_pool.this[*].arn)
        user_pool_client_id        = one(aws_cognito_user_pool_client.this[*].id)
        user_pool_domain           = one(aws_cognito_user_pool_domain.this[*].domain)
        scope                      = "openid email"
        session_timeout            = 28800
        on_unauthenticated_request = "authenticate"
      }
    }
  }
  action {
    order = 2
    type  = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.web["blue"].arn
        weight = 100
      }
      target_group {
        arn    = aws_lb_target_group.web["green"].arn
        weight = 0
      }
      stickiness {
        enabled  = true
        duration = 3600
      }
    }
  }
  lifecycle {
    ignore_changes = [action]
  }
}
