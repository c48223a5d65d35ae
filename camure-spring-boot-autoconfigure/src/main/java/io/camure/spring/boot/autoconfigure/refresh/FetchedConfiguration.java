package io.camure.spring.boot.autoconfigure.refresh;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/**
 * Configuration that was fetched, and that the application does not have yet.
 *
 * @param sources all that there would be, in their order
 * @param fetched those of them that the application does not have, by identity: sources are equal by their names
 * @param keys the properties whose values differ, or that come or go
 */
record FetchedConfiguration(List<PropertySource<?>> sources, Set<PropertySource<?>> fetched, Set<String> keys) {

    /** What a copy of an environment has got that the environment has not. */
    static FetchedConfiguration of(
            ConfigurableEnvironment copy, ConfigurableEnvironment environment, Set<String> keys) {
        List<PropertySource<?>> sources = copy.getPropertySources().stream().toList();
        Set<PropertySource<?>> fetched = Collections.newSetFromMap(new IdentityHashMap<>());
        fetched.addAll(sources);
        environment.getPropertySources().forEach(fetched::remove);
        return new FetchedConfiguration(sources, fetched, keys);
    }

    /** Sources that others have added or changed meanwhile stay. */
    void putInto(MutablePropertySources target) {
        String before = null;
        for (PropertySource<?> each : sources) {
            if (fetched.contains(each)) {
                put(each, before, target);
            }
            if (target.contains(each.getName())) {
                before = each.getName();
            }
        }
    }

    private static void put(PropertySource<?> source, @Nullable String before, MutablePropertySources target) {
        if (target.contains(source.getName())) {
            target.replace(source.getName(), source);
        } else if (before == null) {
            target.addFirst(source);
        } else {
            target.addAfter(before, source);
        }
    }
}
