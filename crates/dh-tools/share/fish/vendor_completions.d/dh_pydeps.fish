complete -c dh_pydeps -l depends-extra -d 'Extra whose requirements become dependencies: EXTRA, or DISTRIBUTION[EXTRA]; may be repeated' -r
complete -c dh_pydeps -l recommends-extra -d 'Extra whose requirements are recommended' -r
complete -c dh_pydeps -l suggests-extra -d 'Extra whose requirements are suggested' -r
complete -c dh_pydeps -s p -l package -d 'Act on this package; may be repeated' -r
complete -c dh_pydeps -s N -l no-package -d 'Do not act on this package' -r
complete -c dh_pydeps -s P -l tmpdir -d 'Directory that stands for debian/PACKAGE; for one package only' -r
complete -c dh_pydeps -l mainpackage -d 'Package whose configuration may do without its name; by default the first one' -r
complete -c dh_pydeps -s X -l exclude -d 'Leave out files whose path has this in it' -r
complete -c dh_pydeps -s O -d 'Option that is ignored if it is not known; dh hands its own through like this' -r
complete -c dh_pydeps -l check -d 'Write nothing; fail if the substvars lack something, or have what the package does not need any more'
complete -c dh_pydeps -l version -d 'Print version'
complete -c dh_pydeps -s v -l verbose -d 'Print what is done'
complete -c dh_pydeps -l no-act -d 'Change nothing'
complete -c dh_pydeps -s a -l arch -d 'Act on the packages that are built for an architecture'
complete -c dh_pydeps -s i -l indep -d 'Act on the packages that are for all architectures'
complete -c dh_pydeps -l remaining-packages -d 'Do not act on packages that this command has been called for in the same target'
complete -c dh_pydeps -s h -l help -d 'Print help'
