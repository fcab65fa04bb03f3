complete -c dh_pyelf_scan -l print-options -d 'Record nothing; print the options by which COMMAND leaves foreign files alone, one on a line: dh_strip, dh_dwz, dh_makeshlibs, dh_shlibdeps, dh_strip_nondeterminism or dh_python3' -r
complete -c dh_pyelf_scan -s p -l package -d 'Act on this package; may be repeated' -r
complete -c dh_pyelf_scan -s N -l no-package -d 'Do not act on this package' -r
complete -c dh_pyelf_scan -s P -l tmpdir -d 'Directory that stands for debian/PACKAGE; for one package only' -r
complete -c dh_pyelf_scan -l mainpackage -d 'Package whose configuration may do without its name; by default the first one' -r
complete -c dh_pyelf_scan -s X -l exclude -d 'Leave out files whose path has this in it' -r
complete -c dh_pyelf_scan -s O -d 'Option that is ignored if it is not known; dh hands its own through like this' -r
complete -c dh_pyelf_scan -l declared -d 'Print the options that follow from debian/PACKAGE.pyelf alone, whatever was recorded'
complete -c dh_pyelf_scan -l version -d 'Print version'
complete -c dh_pyelf_scan -s v -l verbose -d 'Print what is done'
complete -c dh_pyelf_scan -l no-act -d 'Change nothing'
complete -c dh_pyelf_scan -s a -l arch -d 'Act on the packages that are built for an architecture'
complete -c dh_pyelf_scan -s i -l indep -d 'Act on the packages that are for all architectures'
complete -c dh_pyelf_scan -l remaining-packages -d 'Do not act on packages that this command has been called for in the same target'
complete -c dh_pyelf_scan -s h -l help -d 'Print help'
