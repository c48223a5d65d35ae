package io.camure.spring.boot.autoconfigure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.springframework.context.ApplicationContext;

/** What the registry of an application says. */
final class TestMeters {

    private TestMeters() {}

    static MeterRegistry registry(ApplicationContext context) {
        return context.getBean(MeterRegistry.class);
    }

    static double count(ApplicationContext context, String name, String... tags) {
        return registry(context).get(name).tags(tags).functionCounter().count();
    }

    static double gauge(ApplicationContext context, String name, String group) {
        return ((Gauge) registry(context).get(name).tag("group", group).meter()).value();
    }

    static Timer rounds(ApplicationContext context, String group, String outcome) {
        return registry(context)
                .get("camure.round")
                .tags("group", group, "outcome", outcome)
                .timer();
    }

    static long handled(ApplicationContext context, String result) {
        return registry(context)
                .get("camure.listener")
                .tags("group", "files", "result", result)
                .timer()
                .count();
    }
}
