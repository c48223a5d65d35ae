package io.camure.spring.boot.test.guide;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class GuideApplication {}
