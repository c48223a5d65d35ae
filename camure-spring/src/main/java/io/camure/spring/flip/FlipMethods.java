package io.camure.spring.flip;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.collective.BeanMethod;
import io.camure.spring.payload.PayloadConverter;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.ReflectionUtils;

/** The methods of a bean with {@code @CamureFlip}; {@code toString()} is what errors call that. */
final class FlipMethods implements Steps {

    private static final String SHAPE =
            "Have it declare T prepare(V value), void activate(T prepared) and, if it needs that,"
                    + " void discard(T prepared), each once.";

    private final ConfigurableListableBeanFactory beanFactory;
    private final PayloadConverter converter;
    private final String name;
    private final Class<?> type;
    private final MethodParameter parameter;
    private final BeanMethod prepare;
    private final BeanMethod activate;
    private final @Nullable BeanMethod discard;

    /** @throws CamureConfigurationException when the methods are not of the shape that is asked for */
    FlipMethods(ConfigurableListableBeanFactory beanFactory, PayloadConverter converter, String bean, Class<?> type) {
        this.beanFactory = beanFactory;
        this.converter = converter;
        this.type = type;
        name = type.getSimpleName();
        Method preparing = require("prepare");
        if (preparing.getParameterCount() != 1 || preparing.getReturnType() == void.class) {
            throw refused("prepare does not make one thing of one value");
        }
        parameter = new MethodParameter(preparing, 0).withContainingClass(type);
        Class<?> prepared = ResolvableType.forMethodReturnType(preparing, type).resolve(Object.class);
        prepare = new BeanMethod(beanFactory, bean, type, preparing);
        activate = taking(prepared, bean, require("activate"));
        Method discarding = find("discard");
        discard = discarding == null ? null : taking(prepared, bean, discarding);
    }

    private Method require(String method) {
        Method found = find(method);
        if (found == null) {
            throw refused("there is no method " + method);
        }
        return found;
    }

    private @Nullable Method find(String method) {
        List<Method> found = Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(
                        type, each -> each.getName().equals(method) && !each.isBridge() && !each.isSynthetic()))
                .toList();
        if (found.size() > 1) {
            throw refused("there are several methods " + method);
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private BeanMethod taking(Class<?> prepared, String bean, Method method) {
        BeanMethod found = new BeanMethod(beanFactory, bean, type, method);
        if (!found.takes(prepared, 1) || !found.givesNothing()) {
            throw refused(method.getName() + " does not take what prepare returns, which is " + prepared.getSimpleName()
                    + ", and return nothing");
        }
        return found;
    }

    private CamureConfigurationException refused(String problem) {
        return new CamureConfigurationException(name + " has @CamureFlip, but " + problem + ".", SHAPE);
    }

    /** @throws CamureConfigurationException when calls don't get to the bean, or nothing makes of bytes what it prepares */
    void requireUsable() {
        if (!converter.hasObjects() && !PayloadConverter.isAsItIs(parameter.getParameterType())) {
            throw new CamureConfigurationException(
                    name + ".prepare takes a " + parameter.getParameterType().getName()
                            + ", but there is no converter that makes one of what is sent.",
                    "Take a byte[] or a String, or " + converter.howToHaveJson() + ".");
        }
        prepare.requireInvocable();
        activate.requireInvocable();
        if (discard != null) {
            discard.requireInvocable();
        }
    }

    @Override
    public Object prepare(byte[] value) {
        Object converted = converter.fromMessage(
                MessageBuilder.withPayload(value).build(), parameter.getParameterType(), parameter);
        return prepare.call(Objects.requireNonNull(converted, "what was sent is null"));
    }

    @Override
    public void activate(Object prepared) {
        activate.call(prepared);
    }

    @Override
    public void discard(Object prepared) {
        BeanMethod method = discard;
        if (method != null) {
            method.call(prepared);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
