package io.camure.spring.listener;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.stream.Stream;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;

/**
 * A parameter as the class of the bean has it, which may say what the method's own class leaves open: a {@code T} is the
 * {@code List<Price>} that it stands for, for converters as well.
 */
final class ListenerParameter extends SynthesizingMethodParameter {

    static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private final Type type;

    private ListenerParameter(Method method, int index, Type type) {
        super(method, index);
        this.type = type;
    }

    private ListenerParameter(ListenerParameter original) {
        super(original);
        type = original.type;
    }

    static MethodParameter of(Method method, int index, Class<?> beanClass) {
        MethodParameter declared = new SynthesizingMethodParameter(method, index).withContainingClass(beanClass);
        Type type = resolved(ResolvableType.forMethodParameter(declared)).getType();
        MethodParameter parameter = new ListenerParameter(method, index, type).withContainingClass(beanClass);
        parameter.initParameterNameDiscovery(NAMES);
        return parameter;
    }

    private static ResolvableType resolved(ResolvableType type) {
        Class<?> known = type.resolve();
        if (known == null) {
            return type;
        }
        ResolvableType[] generics = type.getGenerics();
        return generics.length == 0
                ? type.getType() instanceof TypeVariable<?> ? ResolvableType.forClass(known) : type
                : ResolvableType.forClassWithGenerics(
                        known,
                        Stream.of(generics).map(ListenerParameter::resolved).toArray(ResolvableType[]::new));
    }

    @Override
    public Type getGenericParameterType() {
        return type;
    }

    @Override
    public ListenerParameter clone() {
        return new ListenerParameter(this);
    }
}
