package io.camure.spring.collective;

import io.camure.CollectiveConfig;
import io.camure.Reducer;
import io.camure.ValueCodec;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.payload.PayloadConverter;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.SessionBindings;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.StringUtils;

/**
 * What the application has for its collectives: how their values are written, what reduces them, and what is done with what comes out.
 * Once all singletons are there, it refuses what is missing and what belongs to no collective.
 */
public final class CollectiveBeans implements SmartInitializingSingleton {

    private static final Map<Class<?>, ValueCodec<?>> BUILT_IN = Map.of(
            Long.class, ValueCodec.longs(),
            Integer.class, ValueCodec.integers(),
            Double.class, ValueCodec.doubles(),
            Boolean.class, ValueCodec.booleans(),
            String.class, ValueCodec.strings(),
            byte[].class, ValueCodec.bytes());

    private final ConfigurableListableBeanFactory beanFactory;
    private final ObjectProvider<PayloadConverter> converter;
    private final ObjectProvider<SessionBindings> sessions;
    private final CollectiveMethods methods;

    public CollectiveBeans(
            ConfigurableListableBeanFactory beanFactory,
            ObjectProvider<PayloadConverter> converter,
            ObjectProvider<SessionBindings> sessions) {
        this.beanFactory = beanFactory;
        this.converter = converter;
        this.sessions = sessions;
        methods = new CollectiveMethods(beanFactory);
    }

    /** Whether values of a type are written as camure has it, without a converter. */
    public static boolean isBuiltIn(Class<?> type) {
        return BUILT_IN.containsKey(type);
    }

    /**
     * @param settings of values whose type {@link #isBuiltIn}
     * @throws IllegalArgumentException when that is nothing for {@code reduce}
     */
    public static void requireFit(CollectiveSettings settings) {
        builtIn(settings, required(settings.payloadType()));
    }

    private static <T> CollectiveConfig.Builder<T> builtIn(CollectiveSettings settings, ValueCodec<T> codec) {
        CollectiveConfig.Builder<T> config =
                CollectiveConfig.builder(codec).maximumValueBytes(settings.maximumValueBytes());
        Reduce reduce = settings.reduce();
        if (reduce != null) {
            config.reducer(reduce.reducer()).build();
        }
        return config;
    }

    /** That of a type that {@link #isBuiltIn}. */
    private static ValueCodec<?> required(Class<?> type) {
        ValueCodec<?> codec = BUILT_IN.get(type);
        if (codec == null) {
            throw new IllegalArgumentException(type + " is written by a converter");
        }
        return codec;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<GroupBinding> collectives = sessions.getObject().groups().stream()
                .filter(group -> CollectiveAdapter.of(group).isPresent())
                .toList();
        collectives.forEach(group -> CollectiveAdapter.of(group).orElseThrow().config());
        methods.requireGroups(collectives.stream().map(GroupBinding::name).toList());
    }

    /** @throws CamureConfigurationException when what the configuration names is not there, or does not fit */
    CollectiveConfig<?> config(CollectiveSettings settings) {
        return isBuiltIn(settings.payloadType())
                ? config(settings, required(settings.payloadType()), settings.payloadType())
                : converted(settings, settings.payloadType());
    }

    private <T> CollectiveConfig<T> converted(CollectiveSettings settings, Class<T> type) {
        PayloadConverter known = converter.getIfAvailable();
        if (known == null || !known.hasObjects()) {
            throw new CamureConfigurationException(
                    settings.origin() + ".payload-type is " + type.getName()
                            + ", but there is no converter that writes such values.",
                    (known == null
                                    ? "Don't exclude CamureMessagingAutoConfiguration"
                                    : StringUtils.capitalize(known.howToHaveJson()))
                            + ", or set the payload-type to java.lang.Long, Integer, Double, Boolean or String, or to byte[].");
        }
        return config(settings, new PayloadCodec<>(type, known), type);
    }

    private <T> CollectiveConfig<T> config(CollectiveSettings settings, ValueCodec<T> codec, Class<?> type) {
        CollectiveConfig.Builder<T> config = builtIn(settings, codec);
        Reducer<T> own = reducer(settings, type);
        if (own != null) {
            config.reducer(own);
        }
        UnaryOperator<T> action = methods.action(settings, type);
        if (action != null) {
            if (settings.reduce() == null && own == null) {
                throw new CamureConfigurationException(
                        settings.origin() + " has a @CamureBarrierAction, but no reducer whose result that could get.",
                        "Set " + settings.origin()
                                + ".reduce or .reducer, or add a @CamureReducer method for the group.");
            }
            config.action(action);
        }
        return config.build();
    }

    private <T> @Nullable Reducer<T> reducer(CollectiveSettings settings, Class<?> type) {
        Reducer<T> ofMethod = methods.reducer(settings, type);
        String bean = settings.reducer();
        String property = settings.reduce() != null ? ".reduce" : bean != null ? ".reducer" : null;
        if (ofMethod != null && property != null) {
            throw new CamureConfigurationException(
                    settings.origin() + property + " is set, and " + methods.nameOfReducer(settings.group())
                            + " has @CamureReducer for the same group.",
                    "Remove one of them.");
        }
        return bean == null ? ofMethod : Reducer.of(bean, bean(settings, bean, type));
    }

    @SuppressWarnings("unchecked")
    private <T> BinaryOperator<T> bean(CollectiveSettings settings, String name, Class<?> type) {
        String property = settings.origin() + ".reducer is " + name + ", but ";
        if (!beanFactory.containsBean(name) || !beanFactory.isTypeMatch(name, BinaryOperator.class)) {
            throw new CamureConfigurationException(
                    property
                            + (beanFactory.containsBean(name)
                                    ? "that bean is no BinaryOperator."
                                    : "there is no bean of this name."),
                    "Name one of the BinaryOperator beans, which are "
                            + List.of(beanFactory.getBeanNamesForType(BinaryOperator.class))
                            + ", add this one as a BinaryOperator<" + type.getSimpleName()
                            + ">, or annotate a method with @CamureReducer(\"" + settings.group() + "\").");
        }
        Class<?> declared = OperatorTypes.of(beanFactory, name, BinaryOperator.class);
        if (declared != null && !declared.isAssignableFrom(type)) {
            throw new CamureConfigurationException(
                    property + "that bean is a BinaryOperator<" + declared.getSimpleName()
                            + ">, and the payload-type is " + type.getName() + ".",
                    "Name another bean, or set " + settings.origin() + ".payload-type to " + declared.getName() + ".");
        }
        return (one, other) -> ((BinaryOperator<T>) beanFactory.getBean(name)).apply(one, other);
    }
}
