mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  name        = "isra-test"
  region      = "eu-central-1"
  account_id  = "123456789012"
  cidr        = "10.0.0.0/20"
  zones       = 3
  nat         = "per_zone"
  kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/test"
}

run "each_zone_has_its_own_way_out" {
  command = plan
  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(distinct(aws_subnet.private[*].availability_zone)) == 3
    error_message = "Three zones need three gateways."
  }
  assert {
    condition     = length(distinct(concat(aws_subnet.private[*].cidr_block, aws_subnet.public[*].cidr_block))) == 6
    error_message = "Subnets overlap."
  }
}

run "one_gateway_serves_all_zones" {
  command = plan
  variables {
    nat = "single"
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 3
    error_message = "One gateway, and a route to it from each zone."
  }
}

run "without_a_gateway_tasks_get_public_addresses" {
  command = plan
  variables {
    nat = "none"
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0 && output.tasks_need_public_ip
    error_message = "There is no way out."
  }
}

run "a_wrong_word_is_refused" {
  command = plan
  variables {
    nat = "cheap"
  }
  expect_failures = [var.nat]
}

run "one_zone_is_refused" {
  command = plan
  variables {
    zones = 1
  }
  expect_failures = [var.zones]
}
