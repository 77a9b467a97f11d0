# Who may do what. Every resource is named; deploy/terraform/check/unscopable.yaml lists the few
# actions for which AWS knows no resource.

locals {
  tasks_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
  repository_arn = "arn:aws:ecr:${var.region}:${var.account_id}:repository/${var.name}"

  # A cross-region profile (eu., us., …) sends a call to the model in one of several regions; both
  # must be allowed. Without Bedrock nothing is.
  bedrock_arns = flatten([for model in var.bedrock_models : concat(
    [for region in model.regions : "arn:aws:bedrock:${region}::foundation-model/${model.id}"],
    model.profile == null ? [] : ["arn:aws:bedrock:${var.region}:${var.account_id}:inference-profile/${model.profile}"],
  )])

  reports = [
    {
      Sid      = "Reports"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
      Resource = "${var.bucket_arn}/*"
    },
    {
      Sid      = "ReportList"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = var.bucket_arn
    },
    {
      Sid      = "Encryption"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = var.kms_key_arn
    },
  ]
  models = length(local.bedrock_arns) == 0 ? [] : [{
    Sid      = "ConfiguredModels"
    Effect   = "Allow"
    Action   = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    Resource = local.bedrock_arns
  }]
  protection = [{
    Sid      = "KeepThisTaskWhileItWorks"
    Effect   = "Allow"
    Action   = ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]
    Resource = "arn:aws:ecs:${var.region}:${var.account_id}:task/${var.name}/*"
  }]
  intake = var.intake_queue_arn == null ? [] : [{
    Sid      = "Intake"
    Effect   = "Allow"
    Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
    Resource = var.intake_queue_arn
  }]
  task_statements = {
    web     = concat(local.reports, local.models)
    worker  = concat(local.reports, local.models, local.protection, local.intake)
    migrate = []
  }
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  assume_role_policy = local.tasks_trust
}

resource "aws_iam_role_policy" "execution" {
  name = "start-tasks"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "RegistryLogin"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid      = "Image"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = local.repository_arn
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = [for task in sort(keys(local.commands)) : "arn:aws:logs:${var.region}:${var.account_id}:log-group:/isra/${var.name}/${task}:*"]
      },
      {
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = [var.keys_secret_arn, var.password_secret_arn]
      },
      {
        Sid      = "Decrypt"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.kms_key_arn
      },
    ]
  })
}

resource "aws_iam_role" "task" {
  for_each           = local.commands
  name               = "${var.name}-${each.key}"
  assume_role_policy = local.tasks_trust
}

resource "aws_iam_role_policy" "task" {
  for_each = { for task, statements in local.task_statements : task => statements if length(statements) > 0 }
  name     = "what-the-agent-does"
  role     = aws_iam_role.task[each.key].id
  policy   = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

# ECS itself moves the balancer's rule between blue and green, with AWS's own policy for that.
resource "aws_iam_role" "traffic" {
  name = "${var.name}-traffic"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "traffic" {
  role       = aws_iam_role.traffic.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}
