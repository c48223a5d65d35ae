package io.camure.spring.boot.autoconfigure.refresh;

import org.springframework.boot.SpringApplication;

/** What has started this application: what fetches its configuration asks for it. */
record StartedBy(SpringApplication application) {}
