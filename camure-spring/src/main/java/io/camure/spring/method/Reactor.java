package io.camure.spring.method;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/** What depends on the class path of the application. */
final class Reactor {

    static final boolean PRESENT = ClassUtils.isPresent("reactor.core.publisher.Flux", Reactor.class.getClassLoader());

    private static final PresentTypes PUBLISHERS =
            PresentTypes.of("java.util.concurrent.Flow$Publisher", "org.reactivestreams.Publisher");

    private Reactor() {}

    static @Nullable ReactiveAdapter adapter(Class<?> type) {
        return ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
    }

    static boolean isPublisher(Class<?> type) {
        return PUBLISHERS.include(type);
    }
}
