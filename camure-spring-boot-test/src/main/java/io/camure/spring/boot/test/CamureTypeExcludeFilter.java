package io.camure.spring.boot.test;

import io.camure.spring.CamureListener;
import io.camure.spring.boot.autoconfigure.CoordinatorConfigCustomizer;
import io.camure.spring.boot.autoconfigure.MemberConfigCustomizer;
import java.io.IOException;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.messaging.converter.MessageConverter;

/** Leaves out what has nothing to do with camure. */
final class CamureTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<CamureTest> {

    CamureTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return Set.of(CoordinatorConfigCustomizer.class, MemberConfigCustomizer.class, MessageConverter.class);
    }

    @Override
    protected boolean defaultInclude(MetadataReader metadataReader, MetadataReaderFactory metadataReaderFactory)
            throws IOException {
        return super.defaultInclude(metadataReader, metadataReaderFactory)
                || metadataReader.getAnnotationMetadata().hasAnnotatedMethods(CamureListener.class.getName());
    }
}
