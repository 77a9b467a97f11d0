# The queue by which other systems of the company ask for analyses, one a message. A worker
# checks each, starts the analysis once, and what cannot be used ends in the second queue.

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-intake-dead"
  kms_master_key_id         = var.kms_key_arn
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "this" {
  name                       = "${var.name}-intake"
  kms_master_key_id          = var.kms_key_arn
  message_retention_seconds  = 345600
  visibility_timeout_seconds = 60
  receive_wait_time_seconds  = 20
  max_message_size           = 65536
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this.arn]
  })
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = "arn:aws:sqs:${var.region}:${var.account_id}:${var.name}-intake"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      length(var.sender_role_arns) == 0 ? [] : [{
        Sid       = "TheSystemsNamed"
        Effect    = "Allow"
        Principal = { AWS = var.sender_role_arns }
        Action    = "sqs:SendMessage"
        Resource  = "arn:aws:sqs:${var.region}:${var.account_id}:${var.name}-intake"
      }],
    )
  })
}
