# What must hold in every environment, planned with a provider that is not there.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
}

variables {
  environment = "test"
  site = {
    region       = "eu-central-1"
    domain_name  = "research.example.org"
    zone_id      = "Z0123456789EXAMPLE"
    repository   = "example/agent"
    alarm_emails = ["owner@example.org"]
  }
}

run "smallest" {
  command = plan
  variables {
    nat     = "none"
    waf     = false
    cognito = false
  }
  assert {
    condition     = output.url == "https://research.example.org"
    error_message = "The address people open is not the domain's."
  }
}

run "fullest" {
  command = plan
  variables {
    zones                   = 3
    nat                     = "per_zone"
    database_engine         = "aurora"
    database_multi_az       = true
    intake                  = true
    machine_api             = true
    office_hours            = { wake = "0 7 ? * MON-FRI *", sleep = "0 19 ? * MON-FRI *", timezone = "Europe/Berlin" }
    model                   = "bedrock:model-a"
    bedrock_models          = [{ id = "model-a", regions = ["eu-central-1"] }]
    intake_sender_role_arns = ["arn:aws:iam::123456789012:role/crm"]
  }
  assert {
    condition     = output.url == "https://research.example.org"
    error_message = "The address people open is not the domain's."
  }
}

# A periodic search for newer reports is started by a worker, so that one must run.
run "no_worker_keeps_no_timetable" {
  command = plan
  variables {
    worker_min        = 0
    extra_environment = { ISRA_REFRESH_CRON = "0 4 * * *" }
  }
  expect_failures = [var.worker_min]
}
