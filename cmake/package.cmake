# The Debian package (scripts/deb.sh). Nothing else installs anything.
set(debian "${PROJECT_SOURCE_DIR}/configs/debian")
install(TARGETS jindou-node jindou-client jindou-bench
        RUNTIME DESTINATION usr/bin)
install(FILES "${debian}/node.conf" DESTINATION etc/jindou)
install(FILES "${debian}/jindou-node.service"
        DESTINATION lib/systemd/system)
install(FILES "${PROJECT_SOURCE_DIR}/README.md"
              "${PROJECT_SOURCE_DIR}/CHANGELOG.md"
              "${PROJECT_SOURCE_DIR}/configs/node.conf"
        DESTINATION usr/share/doc/jindou)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
        DESTINATION usr/share/doc/jindou
        RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME jindou)
set(CPACK_PACKAGE_VENDOR "the jindou project")
set(CPACK_PACKAGE_CONTACT "the jindou project <root@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "instant-messaging server made of actors")
set(CPACK_PACKAGE_DESCRIPTION
    "Serves clients and back ends of WuKongIM v2. Every acknowledged message is on disk."
)
set(CPACK_PACKAGING_INSTALL_PREFIX "/")
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX "${CMAKE_BINARY_DIR}/package")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, init-system-helpers")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${debian}/conffiles;${debian}/postinst;${debian}/prerm;${debian}/postrm")
include(CPack)
