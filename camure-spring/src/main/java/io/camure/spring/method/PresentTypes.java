package io.camure.spring.method;

import java.util.ArrayList;
import java.util.List;
import org.springframework.util.ClassUtils;

/** Types by their names, of which an application may have only some. */
public final class PresentTypes {

    private final List<Class<?>> types = new ArrayList<>();

    private PresentTypes() {}

    public static PresentTypes of(String... names) {
        PresentTypes present = new PresentTypes();
        ClassLoader loader = PresentTypes.class.getClassLoader();
        for (String name : names) {
            if (ClassUtils.isPresent(name, loader)) {
                present.types.add(ClassUtils.resolveClassName(name, loader));
            }
        }
        return present;
    }

    /** Whether a type is, or is a kind of, one of them. */
    public boolean include(Class<?> type) {
        return types.stream().anyMatch(each -> each.isAssignableFrom(type));
    }
}
