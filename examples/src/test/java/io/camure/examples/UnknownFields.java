package io.camure.examples;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What a manifest has that its kind does not: the client reads over it, and so would a server that is not asked to be strict. */
final class UnknownFields {

    private static final String MODEL = "io.fabric8.kubernetes.api.model";

    private final List<String> found = new ArrayList<>();

    static List<String> of(Object resource) throws ReflectiveOperationException {
        UnknownFields fields = new UnknownFields();
        fields.collect(resource.getClass().getSimpleName(), resource);
        return fields.found;
    }

    private void collect(String path, Object value) throws ReflectiveOperationException {
        if (value instanceof Collection<?> elements) {
            for (Object element : elements) {
                collect(path, element);
            }
        } else if (value != null && value.getClass().getPackageName().startsWith(MODEL)) {
            for (Method getter : value.getClass().getMethods()) {
                if (isGetter(getter)) {
                    collect(path, getter.getName(), getter.invoke(value));
                }
            }
        }
    }

    private void collect(String path, String getter, Object value) throws ReflectiveOperationException {
        if (getter.equals("getAdditionalProperties")) {
            ((Map<?, ?>) value).keySet().forEach(name -> found.add(path + "/" + name));
        } else {
            collect(path + "/" + getter.substring(3), value);
        }
    }

    private static boolean isGetter(Method method) {
        return method.getName().startsWith("get")
                && method.getParameterCount() == 0
                && !Modifier.isStatic(method.getModifiers())
                && method.getDeclaringClass() != Object.class;
    }
}
