package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.session.BeanNames;
import io.camure.spring.session.GroupDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Lets a bean {@code start-line} also be called {@code startLine}, as a parameter can be. Done when all beans are defined, as
 * an alias that is the name of another bean would hide that one; the alias gives way instead.
 */
final class GroupAliases implements BeanFactoryPostProcessor {

    private final Map<String, GroupDefinition> groupsByAlias = new LinkedHashMap<>();

    GroupAliases(List<GroupDefinition> groups) {
        for (GroupDefinition group : groups) {
            GroupDefinition other = groupsByAlias.putIfAbsent(BeanNames.identifier(group.name()), group);
            if (other != null) {
                throw new CamureConfigurationException(
                        "There are both " + other.origin() + " and " + group.origin()
                                + ", which are the same name where they are injected by the name of a parameter.",
                        "Give one of the groups another name.");
            }
        }
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        groupsByAlias.forEach((alias, group) -> {
            if (!alias.isEmpty() && !beanFactory.containsBean(alias)) {
                beanFactory.registerAlias(group.name(), alias);
            }
        });
    }
}
